"""The read API: city and region totals over HTTP, answered by any worker from the compacted topics.

totals.py    the totals as they stand in Kafka, followed live
query.py     parameters -> a validated query; a query over totals -> a page (pure)
render.py    a page as JSON, GeoJSON or CSV (pure)
problem.py   the one shape of every error (RFC 9457)
routes.py    HTTP around them
openapi.py   the document that says all this to programs
"""
