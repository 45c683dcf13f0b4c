"""Exit codes of our programs.

0    done
1    the audit found something, a case of a file could not be computed, a ticket of a log could not be opened, a case could
     not be handed on, or policies differ that must not
2    the request itself is wrong: an option, a value, a file, a setting
3    the domain refused it
4    there is no such escalation, or it has ended
5    a server, a worker or the database does not answer, or lacks what escalations need
65   a mail is refused: `mail deliver` alone, as mail servers expect it
70   something unexpected; with `--debug` the traceback says more
75   a mail could not be stored, and has to be tried again: `mail deliver` alone
130  interrupted from the keyboard
"""

OK = 0
FINDINGS = 1
BAD_INPUT = 2
REFUSED = 3
NO_SUCH_CASE = 4
UNREACHABLE = 5
UNEXPECTED = 70
INTERRUPTED = 130
MAIL_REFUSED = 65
MAIL_TRY_AGAIN = 75
