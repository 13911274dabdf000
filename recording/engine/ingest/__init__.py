"""One camera's ingest: a process of its own, killable, without Django, that holds a lease or holds nothing."""
