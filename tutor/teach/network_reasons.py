"""Reasons: every sentence by which a hint says why (message ids). ``network_why`` chooses among them.

Rules
-----
* ``{host}`` is who receives or acts, ``{other}`` the other end, ``{state}`` and ``{there}`` where they were before it.
* A sentence says what the engine does in the move that it is chosen for, and nothing that it might do in another one.
"""

from __future__ import annotations

from tutor.words import mark

ONCE_MORE = mark("Once more, for the same reason.")

# --- a call arrives ---

CALL = mark("The {host} hears the call and answers it. It is open only when its answer has been confirmed.")
CALL_OPENS = mark("Here the call alone opens the {host}: it does not ask whether the {other} means it.")
CALL_OPENS_TEXT = mark("Here the call alone opens the {host}, and its program reads the bytes on the SYN at once.")
SAME_HERE = mark("The {host} begins with the old number again: so what is old fits this connection.")
NEAR_HERE = mark("The {host} begins with a number close to the old one: so what is old can fit this connection.")
OLD_SYN = mark("An old SYN looks just like a new call: who listens cannot tell them apart.")
LATE_SYN = mark("A SYN that comes late looks just like a new call: who listens cannot tell them apart.")
STRAY_SYN = mark("Who sent this SYN has given up that call by now. It looks like a new one all the same.")
SYN_OPENS = mark("Here nothing else is needed: the {host} is open at once.")
SYN_TEXT = mark("Here nothing else is needed: the {host} is open at once, and its program reads the bytes on the SYN.")

# --- an answer or a confirmation arrives ---

ANSWERED = mark("The {host} hears the answer to its call: its end is open now.")
OLD_ANSWER = mark("An old answer is taken for the one that is awaited, for its number fits the call of the {host}.")
NO_ANSWER = mark("It does not answer the call that the {host} has made: a reset will say so.")
OLD_SYN_AWAITED = mark(
    "The {host} waits for the SYN of the {other}. A SYN that comes alone carries nothing by which to tell an old one."
)
CALLS_CROSS = mark(
    "A SYN without an ACK looks like a call of the {other}: the {host} answers it, as if both had called."
)
CONFIRMED = mark("The {host} learns that its answer has arrived: now its end is open as well.")
CONFIRMED_FIN = mark("The {host} learns that its answer has arrived, and that the {other} has no more to say already.")
OLD_ACK_FITS = mark(
    "The {host} began with the old number again. So an old ACK carries just the number that it waits for."
)
ANY_ACK_OLD = mark(
    "The {host} waits for the ACK of its answer. By these rules it does not look at the number: any old ACK will do."
)
ANY_ACK = mark(
    "The {host} waits for the ACK of its answer. By these rules it does not look at the number: this ACK will do,"
    " though it was meant for something else."
)

# --- bytes arrive ---

TEXT = mark("The program of the {host} reads the bytes, and the {other} is told so.")
TEXT_READ = mark("Its program reads the bytes that come with it.")
OLD_TEXT_READ = mark("The old bytes that come with it are next in order: the program reads them.")
OLD_TEXT_FITS = mark("These old bytes begin with just the number that the {host} expects next: its program reads them.")
OLD_TEXT_ANY = mark(
    "These old bytes begin with just the number that the {host} expects next, and by these rules it does not look at"
    " what they acknowledge: its program reads them."
)
OLD_TEXT_DUPLICATE = mark(
    "These old bytes begin with just the number that the {host} expects next. What they acknowledge is long past, but"
    " by these rules that only counts as said twice: its program reads them."
)

# --- a reset arrives, or is drawn ---

NOBODY = mark("The {host} knows of no such connection: it will say so with a reset.")
MUTE = mark("By these rules a host that knows of no connection answers nothing: the {other} is not told.")
RESET_LATER = mark("That reset can come late, when there is another connection.")
DISAGREES = mark("Its numbers are not those that the {host} has in mind: it will say so with a reset.")
CALL_DISAGREES = mark(
    "The {host} has another call in mind. By these rules this one makes it give up that one and answer with a reset."
)
RESET = mark("Its number is just the one that the {host} expects, so it believes the reset and drops its connection.")
RESET_OLD = mark(
    "Who sent this reset meant something that is over. But its number is just the one that the {host} expects, so it"
    " believes it and drops its connection."
)
RESET_STRAY = mark(
    "The {other} has no such connection and has said so. The number is just the one that the {host} expects, so it"
    " believes the reset and drops its connection."
)
RESET_CALL = mark("The reset acknowledges the call of the {host}, so it believes it: its call has failed.")
RESET_ANSWER = mark("The {host} takes the reset for a refusal of its answer, and only listens again.")
RESET_IN_WINDOW = mark("By these rules a reset need only lie in the window: the {host} drops its connection.")
RESET_ENDS_WAIT = mark("A reset ends TIME-WAIT: the {host} forgets the connection before its time.")
SYN_IN_WINDOW = mark("By these rules any SYN that lies in the window ends a connection: an old one is enough.")
SYN_BACK_TO_LISTEN = mark("A SYN in the window has the {host} listen again, and nobody is told.")

# --- the end of a connection ---

FIN_HEARD = mark("The {host} learns that the {other} has no more to say, and confirms it.")
FIN_CONFIRMED = mark("The {host} learns that its FIN has arrived. It still waits for that of the {other}.")
BOTH_CLOSE = mark("Both have said that they have no more to say, but the {host} does not know yet that it was heard.")
WAITS = mark(
    "Both have closed now. In TIME-WAIT the {host} remembers the connection for a while, in case its last ACK is lost."
)
CLOSED = mark("The last ACK has arrived: the {host} forgets the connection.")
CLOSED_LISTENS = mark("The last ACK has arrived: the {host} forgets the connection, and only listens.")
FORGETS_AT_ONCE = mark(
    "Both have closed now. By these rules the {host} forgets the connection at once: whatever still comes meets nobody."
)
TWO_ARE_ENOUGH = mark("By these rules a FIN ends the connection: the {host} forgets it at once.")

# --- nothing new arrives ---

WAIT_ANSWERS = mark("Who is in TIME-WAIT answers this with an ACK, and not with a reset.")
CHALLENGED = mark("The {host} stays {state}: all that it says to this is an ACK.")
SAYS = mark("The {host} stays {state}, but it has something to say to this.")
ARRIVED = mark("The {host} learns that what it sent has arrived.")
CLEARS = mark("It changes nothing at the {host}. But time stands still as long as it is on the wire.")
NOTHING = mark("It changes nothing at the {host}, but it is out of the way.")

# --- a segment does not arrive ---

LOST = mark("If it never arrives, the {host} does not learn what it says.")
LOST_AGAIN = mark("If it never arrives, the {host} will send again what it confirms: then there are two of it.")
LOST_STATE = mark("If it never arrives, the {host} does not learn it, and stays {state}.")
LOST_LAST = mark("If it never arrives, the {host} does not learn that its FIN was heard, and waits in LAST-ACK.")
LOST_RESET = mark(
    "If it arrived, the {host} would answer with a reset, and the reset would end what the {other} believes in. So it"
    " must not arrive."
)
LOST_ANSWER = mark("If it arrived, the {host} would answer with a reset. So it must not arrive.")
NEVER_AGAIN = mark("No timer runs by which it would be sent again.")
COPY = mark("A copy can come later, when nobody expects it any more.")
HOLD = mark("What is held back can come later, when nobody expects it any more.")

# --- programs and clocks ---

BEGINS = mark("There must be a connection before anything in it can go wrong.")
ONLY_NEW = mark("Only a new connection can take something old for its own.")
SAME_NUMBER = mark("It begins with the old number again: so what is old fits this call.")
NEAR_NUMBER = mark("It begins with a number close to the old one: so it seems to belong to what is old.")
CALL_MEETS = mark("The {other} still has something else in mind ({there}). A new call meets that.")
WRITE = mark("What is written now can arrive when the {other} has gone on.")
WRITE_DRAWS = mark("What is written must be confirmed: so the {other} sends an ACK, which can come late.")
WRITE_COPIED = mark("Only what has been written can be copied, and come twice.")
CLOSE_TOO = mark("The {other} has closed already. When the {host} closes too, the connection comes to its end.")
CLOSE_FIRST = mark("This connection has to end first. Only the next one can take what is left of it for its own.")
CLOSE_PROMISE = mark("The promise is about how a connection ends: so somebody has to close it.")
CLOSE_APART = mark("When a connection ends, one side can believe that it is over, and the other one that it is not.")
ABORT = mark("Who aborts forgets at once. The {other} does not know before the reset arrives.")
CRASH = mark("Who crashes forgets everything and says nothing: the {other} does not know.")
ABORT_SILENT = mark("Who gives up here says nothing to anybody. What it has sent is still under way.")
FORGETS = mark("It forgets what it knew.")
WAIT_OVER = mark("TIME-WAIT is over: the {host} forgets the connection.")
WAIT_OVER_UNTOLD = mark("TIME-WAIT is over: the {host} forgets the connection. The {other} is still {there}.")
AGAIN = mark("The {host} sends again what nobody has confirmed.")
TIMER = mark("A timer runs out, and its host acts without having heard anything.")
UNTIL_FORGOTTEN = mark("TIME-WAIT has its time; only then does its host forget the connection.")
UNTIL_TIMER = mark("A timer needs its time before it runs out.")
GROWS_OLD = mark("Time passes, and what the network has kept from before grows old.")
PASSES = mark("What is to come needs time to have passed.")
