"""What templates may call: tags and filters, the French they write and the figures they draw; no query, no rule."""
