"""What needs several stages, one module a verb."""
