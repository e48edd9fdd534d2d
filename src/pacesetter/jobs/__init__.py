"""When and in what order: whole pieces of work, made of the rooms below."""
