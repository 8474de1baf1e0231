"""An invented office on a real morning: names, packets and answers of `manage.py demo`.

Everything here is made up; every address ends in .example and every telephone number is one that nobody has.
"""
