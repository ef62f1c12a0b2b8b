"""Every kind of object, one file each: fields and rules, nothing else."""
