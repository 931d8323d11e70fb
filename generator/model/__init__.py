"""What a playbook is: one class for each kind of mapping in its YAML files, with texts, addresses and schema."""
