"""Tags for the top of a page: breadcrumbs, heading and buttons."""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*steps: Any) -> dict[str, Any]:
    """The pages above this one, each as a label and its address, then the label of this one."""
    *above, current = steps
    return {"pages_above": zip(above[::2], above[1::2], strict=True), "current": current}


@register.tag
def page_head(parser: Parser, token: Token) -> "PageHead":
    """The head of a page: its heading, what is said below it, and its buttons.

    Both parts may be left out; `struck=True` strikes the heading through:

        {% page_head service.heading struck=service.is_cancelled %}
          <span>{{ service.day }}</span>
        {% actions %}
          <a class="btn btn-primary" href="...">Popraw</a>
        {% endpage_head %}
    """
    name, *arguments = token.split_contents()
    options = template.base.token_kwargs(arguments[1:], parser)
    if not arguments or set(options) - {"struck"} or len(options) != len(arguments) - 1:
        raise template.TemplateSyntaxError(f"{name}: a heading, then only struck=... may stand.")
    meta = parser.parse(("actions", "endpage_head"))
    actions = None
    if parser.next_token().contents == "actions":
        actions = parser.parse(("endpage_head",))
        parser.delete_first_token()
    return PageHead(parser.compile_filter(arguments[0]), options.get("struck"), meta, actions)


class PageHead(template.Node):
    def __init__(
        self,
        heading: FilterExpression,
        struck: FilterExpression | None,
        meta: NodeList,
        actions: NodeList | None,
    ) -> None:
        self.heading, self.struck = heading, struck
        self.meta, self.actions = meta, actions

    def render(self, context: template.Context) -> SafeString:
        parts = {
            "heading": self.heading.resolve(context),
            "is_struck": bool(self.struck and self.struck.resolve(context)),
            "meta": _rendered(self.meta, context),
            "actions": self.actions and _rendered(self.actions, context),
        }
        return render_to_string("components/page_head.html", parts)


def _rendered(nodes: NodeList, context: template.Context) -> SafeString:
    """Renders nodes, which escape their values; `strip` would lose the safe mark."""
    return mark_safe(nodes.render(context).strip())
