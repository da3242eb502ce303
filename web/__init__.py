"""The pages: what people see in a browser, rendered by the server; no rule lives here."""
