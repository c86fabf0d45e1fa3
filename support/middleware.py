from owes.free_text import withheld, withhold
from owes.personal_data import names_read_once
from support.access import reads_texts


class WithheldTexts:
    """Withholds free texts on pages of users who only look into a project.

    Pages without a sign-in are left alone: a calendar is for anybody who has its address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with withheld(False), names_read_once():
            return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        if request.user.is_authenticated:
            withhold(not reads_texts(request.user, keywords.get("slug")))
