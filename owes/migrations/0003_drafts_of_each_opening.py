"""A draft for each opening of a form, where there was one for an address."""

from django.db import migrations, models
from django.db.models import F


def name_openings(apps, schema_editor):
    """What is kept goes on: a form shown before is known by its token, a text left by its row."""
    apps.get_model("owes", "Submission").objects.update(opening=F("token"))
    FormDraft = apps.get_model("owes", "FormDraft")
    for draft in FormDraft.objects.filter(opening="").only("pk"):
        FormDraft.objects.filter(pk=draft.pk).update(opening=f"before-{draft.pk}")


class Migration(migrations.Migration):
    dependencies = [("owes", "0002_submissions_and_form_drafts")]

    operations = [
        migrations.RemoveConstraint("formdraft", "form_draft_once"),
        migrations.RenameField("formdraft", "token", "opening"),
        migrations.AddField(
            "formdraft",
            "title",
            models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            "formdraft",
            "label",
            models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField("formdraft", "dropped_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "submission",
            "opening",
            models.CharField(db_index=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            "submission",
            "key",
            models.CharField(default="", max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            "submission",
            "edit_url",
            models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.RunPython(name_openings, migrations.RunPython.noop),
        migrations.AddConstraint(
            "formdraft",
            models.UniqueConstraint(
                fields=["user", "key", "opening"], name="form_draft_of_an_opening"
            ),
        ),
    ]
