"""A page that scanners must find: it puts what is asked into SQL and into HTML as it came."""

from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.urls import include, path

HOLE = "/hole/"


def hole(request):
    asked = request.GET.get("q", "")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT name FROM entities_entity WHERE name LIKE '%{asked}%' LIMIT 5")
            names = "".join(f"<p>{name}</p>" for (name,) in cursor.fetchall())
    except DatabaseError as error:
        names = f"<p>{error}</p>"
    return HttpResponse(f"<h1>{asked}</h1>{names}")


urlpatterns = [path(HOLE.lstrip("/"), hole), path("", include("owes.urls"))]
