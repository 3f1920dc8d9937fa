"""One person's data as a whole: who they are, the hold on it, erasing it, exporting it, and deleting it by age."""
