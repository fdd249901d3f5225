"""Work lists: the duties that are overdue, and those that will be if nothing more is done."""
