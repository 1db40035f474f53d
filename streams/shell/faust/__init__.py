"""The safe Faust shell: whole fetched batches in, deliveries awaited, then the ack.

    batch.py      a fetched batch of one partition, and the records that come of it
    consumer.py   the overrides of Faust's consumer: batches, seeks, commits
    producer.py   the overrides of Faust's producer: idempotent, replaceable
    delivery.py   sends records, retries, isolates refused ones; returns when all are safe
    pump.py       the body of every agent: batch -> work -> delivery -> confirm
    table.py      a table of raw bytes whose changelog rows travel with the batch
    app.py        the Faust app with these parts and its settings
    exits.py      leaving the process without acking, and why
    watch.py      the checks that lead there: sleeping worker, endless rebalance, stalled commits

Every override stands beside a comment that names the defect of Faust 0.15.3 that it works around.
"""
