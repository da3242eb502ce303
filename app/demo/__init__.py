"""A made-up municipality of any size, and what its pupils, guardians and staff write in some school years."""
