"""New files for authors: `playbook new` and `playbook init`."""
