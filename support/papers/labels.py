"""How orders of papers are named on a page."""

from django import template

from support.papers.batches import Batch

register = template.Library()


@register.filter
def batch_words(job):
    """What a file of many papers holds, by the parameters of its job."""
    return Batch(job.params["batch"]).label
