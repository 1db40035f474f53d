"""The three roles of the stream, each the thin driver of one pure transition.

extract.py   articles.raw -> deployments.claims, deployments.events
route.py     deployments.claims -> deployments.reports, with a table of what each article named
fold.py      deployments.reports -> deployments.city-totals, .region-totals, with a table of reports
guard.py     what all three share: no exception leaves a role, each becomes a dead letter
"""
