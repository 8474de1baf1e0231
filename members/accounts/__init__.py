"""アカウント: who may sign in, as what, and how somebody shows who is signing in."""
