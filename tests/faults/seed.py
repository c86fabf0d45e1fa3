"""Run by `manage.py shell` in a new installation: accounts, and people to be anonymised.

A code that was anonymised is refused by every later import, so each scenario has its own.
"""

from entities.models import Person
from owes.models import Centre, User
from support.models import Membership, Project

user = User.objects.create_user("faults@example.org", "wiatr w polu 7 razy", name="Osoba Próby")
Membership.objects.create(user=user, project=Project.objects.get(), role="coordinator")
Centre(name="Ośrodek prób", asks_second_factor=False).save()
User.objects.create_superuser("admin@example.org", "wiatr w polu 8 razy", name="Ewa Ster")
for code in ("T16", "T21"):
    Person.objects.create(
        code=code, first_name="Jan", last_name=f"Wzór {code}", sex=Person.Sex.MAN
    )
