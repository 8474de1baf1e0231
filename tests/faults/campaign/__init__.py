"""The faults, one function each: bin/faults runs them in full, the tests beside this folder in small.

Everything is seen and done from outside: processes are killed, servers stopped and ordered about, the database is read.
"""
