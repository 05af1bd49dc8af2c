"""One module a language. May know: nothing but words."""
