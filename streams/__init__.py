"""Muster: from a firehose of news articles to one defensible number of personnel per city.

Where things are:

    core/            pure functions on plain data: no clock, no IO, no Faust
    data/            lexicons and small tables of names, each with its source
    shell/           everything that waits, fails or tells the time
    shell/faust/     the safe Faust shell: whole batches in, deliveries awaited, then the ack
    shell/cli/       the command `muster`, one module a command
    ../schemas/      the public contracts (import name muster.schemas)
"""

__version__ = "0.1.0"
