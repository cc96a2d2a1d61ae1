"""Records -> JSON, Markdown and terminal views. Pure: no knowledge base is needed to render."""
