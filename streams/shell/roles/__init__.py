"""The three roles of the stream, each the thin driver of one pure transition.

extract.py        articles.raw -> deployments.claims, deployments.events
route.py          deployments.claims -> deployments.reports, with a table of what each article named
fold.py           deployments.reports -> deployments.city-totals, .region-totals, with a table of reports
dead_letters.py   what all three share: no exception leaves a role, each becomes a dead letter
totals_guard.py   fold's second half: the owner of a place corrects what somebody else wrote last
"""
