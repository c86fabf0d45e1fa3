"""How a form is laid out: sections with a legend, in a grid of twelve columns."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout, LayoutObject


def section(legend: str, **widths: int) -> Fieldset:
    """A section of fields with their widths in columns: 3, 4, 6, 8 or 12."""
    fields = [
        Field(name, wrapper_class="" if width == 6 else f"w-{width}")
        for name, width in widths.items()
    ]
    return Fieldset(legend, Div(*fields, css_class="form-grid"), css_class="form-section")


def laid_out(*sections: LayoutObject | str) -> FormHelper:
    """The helper by which crispy draws the fields; the page writes the form around them."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*sections)
    return helper
