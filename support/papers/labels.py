"""The name of an ordered batch of papers on a page."""

from django import template

from support.papers.batches import Batch

register = template.Library()


@register.filter
def batch_words(job):
    """The label of a batch, by the parameters of its job."""
    return Batch(job.params["batch"]).label
