from django.db import migrations

from owes.sign_in.secrets import decrypt, encrypt

SECRETS = {"totp": "secret", "recovery_codes": "seed"}


def encrypt_kept(apps, schema_editor):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for row in Authenticator.objects.filter(type__in=SECRETS):
        name = SECRETS[row.type]
        row.data[name] = encrypt(decrypt(row.data[name]))
        row.save(update_fields=["data"])


def decrypt_kept(apps, schema_editor):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for row in Authenticator.objects.filter(type__in=SECRETS):
        name = SECRETS[row.type]
        row.data[name] = decrypt(row.data[name])
        row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("owes", "0010_second_factor_of_the_centre"),
    ]

    operations = [
        migrations.RunPython(encrypt_kept, decrypt_kept),
    ]
