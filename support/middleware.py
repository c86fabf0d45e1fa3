from owes.free_text import withheld, withhold
from owes.personal_data import names_read_once
from support.access import reads_texts


class WithheldTexts:
    """Makes the pages of those who only look into a project without free texts.

    A page without a sign-in is none of theirs: a calendar is read by who has its address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with withheld(False), names_read_once():
            return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        if request.user.is_authenticated:
            withhold(not reads_texts(request.user, keywords.get("slug")))
