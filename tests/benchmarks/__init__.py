"""Measurements that bin/bench prints; nothing here is a test, since figures depend on the machine."""
