import pytest
from django.template import Context, Template, TemplateSyntaxError

from tests.markup import tight


def rendered(text, **context):
    return tight(Template(text).render(Context(context)))


def test_page_head_leaves_out_what_is_not_given():
    assert rendered('{% page_head "Dowody" %}{% endpage_head %}') == (
        '<div class="page-head"><div class="page-head-text"><h1>Dowody</h1></div></div>'
    )


def test_page_head_shows_meta_and_actions_of_the_page():
    page = rendered(
        "{% page_head name struck=gone %}{{ note }}{% actions %}<a>Popraw</a>{% endpage_head %}",
        **{"name": "<b>Lipa</b>", "gone": True, "note": "kod <P1>"},
    )
    assert page == (
        '<div class="page-head"><div class="page-head-text">'
        '<h1 class="text-decoration-line-through">&lt;b&gt;Lipa&lt;/b&gt;</h1>'
        '<p class="meta">kod &lt;P1&gt;</p></div>'
        '<div class="page-actions"><a>Popraw</a></div></div>'
    )


@pytest.mark.parametrize("arguments", ["", "name size=3", "name other"])
def test_page_head_refuses_what_it_does_not_know(arguments):
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% page_head {arguments} %}}{{% endpage_head %}}")


def test_breadcrumbs_lead_to_the_pages_above():
    page = rendered('{% breadcrumbs "Druki" "/druki/" "Karty" "/karty/" here %}', here="Karta 5")
    assert page == (
        '<nav aria-label="Okruszki"><ol class="breadcrumb">'
        '<li class="breadcrumb-item"><a href="/druki/">Druki</a></li>'
        '<li class="breadcrumb-item"><a href="/karty/">Karty</a></li>'
        '<li class="breadcrumb-item active" aria-current="page">Karta 5</li></ol></nav>'
    )
