"""The library's forms that ask for a secret, each try counted."""

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms

from owes.sign_in import tries


class ChangePasswordForm(account_forms.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        with tries.of_password(context.request, self.user.email).counted():
            return super().clean_oldpassword()


class CountedCode(mfa_forms.BaseAuthenticateForm):
    """A code of the app in the phone, or one kept for its loss."""

    def clean_code(self) -> str:
        try:
            with tries.of_code(context.request, self.user.pk).counted():
                return super().clean_code()
        except tries.TooManyTries as waiting:
            # Whoever types codes here knows the password.
            if waiting.is_new:
                get_adapter().send_notification_mail("account/email/codes_refused", self.user)
            raise


class AuthenticateForm(CountedCode, mfa_forms.AuthenticateForm):
    pass


class ReauthenticateForm(CountedCode, mfa_forms.ReauthenticateForm):
    pass
