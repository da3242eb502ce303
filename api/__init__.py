"""The JSON API: routes that parse, call one command and answer; every refusal is a problem with a stable type."""
