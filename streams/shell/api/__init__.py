"""The read API: city and region totals over HTTP, answered by any worker from the compacted topics.

totals.py    the totals as they stand in Kafka, followed live
shape.py     whether a value that came has the parts of a total (pure)
query.py     parameters -> a validated query; a query over totals -> a page (pure)
past.py      a total -> what stood at an earlier date (pure)
render.py    a page as JSON, GeoJSON or CSV (pure)
rows.py      a total or an event in the few fields of a map or a list (pure)
changes.py   changed totals and new events, gathered and told a few times a second
live.py      listeners, each with a bounded queue, and what they missed
events.py    the newest events, followed live
pulse.py     how far the stream is behind, told every few seconds
stream.py    listeners over HTTP
problem.py   the one shape of every error (RFC 9457)
routes.py    HTTP around them
openapi.py   the document that says all this to programs
"""
