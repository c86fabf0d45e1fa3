"""Reports of a meeting of 14.05.2024 as five programs save them: Wanda 125 minutes, Jan 30."""

TEAMS = (
    "1. Podsumowanie\nTytuł spotkania\tWarsztat\nObecni uczestnicy\t2\n"
    "Czas trwania spotkania\t2 godz. 5 min 28 s\n\n"
    "2. Uczestnicy\n"
    "Imię i nazwisko\tPierwsze dołączenie\tOstatnie opuszczenie\tCzas trwania w spotkaniu\tEmail\t"
    "Identyfikator uczestnika (UPN)\tRola\n"
    "Wanda Próbna\t14.05.2024, 09:58:12\t14.05.2024, 12:03:40\t2 godz. 5 min 28 s\t"
    "wanda@example.org\twanda@example.org\tUczestnik\n"
    "Jan Wzór\t14.05.2024, 10:05:00\t14.05.2024, 10:35:00\t30 min\t\t\tUczestnik\n\n"
    "3. Działania w spotkaniu\nImię i nazwisko\tGodzina dołączenia\tGodzina opuszczenia\n"
    "Wanda Próbna\t14.05.2024, 09:58:12\t14.05.2024, 12:03:40\n"
)
ZOOM = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
    "812 3456 7890,Warsztat,05/14/2024 09:58:12 AM,05/14/2024 12:03:40 PM,host@example.org,126,3\n"
    "\n"
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    "Wanda Próbna,wanda@example.org,05/14/2024 09:58:12 AM,05/14/2024 10:58:12 AM,60,No\n"
    "Wanda Próbna,wanda@example.org,05/14/2024 10:58:40 AM,05/14/2024 12:03:40 PM,65,No\n"
    "Jan Wzór,,05/14/2024 10:05:00 AM,05/14/2024 10:35:00 AM,30,Yes\n"
)
CLICKMEETING = (
    "Pseudonim;E-mail;Czas wejścia;Czas wyjścia;Czas trwania\n"
    "Wanda Próbna;wanda@example.org;14-05-2024 09:58;14-05-2024 12:03;02:05\n"
    "Jan Wzór;;14-05-2024 10:05;14-05-2024 10:35;00:30\n"
)
MEET = (
    "First name,Last name,Email,Duration,Time joined,Time exited\n"
    "Wanda,Próbna,wanda@example.org,2 hr 5 min,9:58 AM,12:03 PM\n"
    "Jan,Wzór,,30 min,10:05 AM,10:35 AM\n"
)
ANSWERS = (
    'Sygnatura czasowa,Imię i nazwisko uczestnika*,"Nazwa organizacji, którą reprezentuję",Płeć,'
    "Nr telefonu,Adres e-mail\n"
    "18.01.2024 08:30:12,Wanda Próbna,KGW Zagon,Kobieta,600100200,wanda@example.org\n"
)
FORMS = "google forms"
REPORTS = {"teams": TEAMS, "zoom": ZOOM, "clickmeeting": CLICKMEETING, "meet": MEET}


def content_of(program):
    text = ANSWERS if program == FORMS else REPORTS[program]
    return text.encode("utf-16" if program == "teams" else "utf-8-sig")


def written(folder, program):
    path = folder / "raport.csv"
    path.write_bytes(content_of(program))
    return path
