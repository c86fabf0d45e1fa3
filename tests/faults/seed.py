"""Run by `manage.py shell` in a new installation: one account that may do everything."""

from owes.models import Centre, User
from support.models import Membership, Project

user = User.objects.create_user("faults@example.org", "wiatr w polu 7 razy", name="Osoba Próby")
Membership.objects.create(user=user, project=Project.objects.get(), role="coordinator")
Centre(name="Ośrodek prób", asks_second_factor=False).save()
User.objects.create_superuser("admin@example.org", "wiatr w polu 8 razy", name="Ewa Ster")
