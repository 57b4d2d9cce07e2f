"""``ckan govdata harvest``: a consumer of one of the harvester's queues, as the stack runs it.

The consumers of ckanext-harvest wait for ever on a connection that gives up after some seconds, and end then;
here they wait on.
"""

from __future__ import annotations

import click
from ckan import model
from redis.exceptions import TimeoutError as RedisTimeout


@click.command()
@click.argument("queue", type=click.Choice(["gather", "fetch"]))
def harvest(queue: str) -> None:
    """采集队列的处理进程 / consume the queue of what is to be listed (gather) or fetched."""
    # Late: the plugin is loaded on platforms that harvest, and nowhere else.
    from ckanext.harvest import utils

    consume = utils.gather_consumer if queue == "gather" else utils.fetch_consumer
    while True:
        try:
            consume()
        except RedisTimeout:
            model.Session.remove()
