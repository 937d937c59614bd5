/*
 * A model of the handshake for spin, written without a look at the engine: what RFC 9293 3.10.7 asks of a caller, a
 * listener and a request entry, in as few lines as spin needs. A test holds that spin and the search come to the same
 * verdicts by equally many moves.
 *
 *   -DTWO_WAY      the server is open on the SYN, and there is no third segment
 *   -DUNCHECKED    any acknowledged number opens the server
 *   -DHELD=n       segments of the earlier incarnation (SYN, SYN+ACK, ACK) that may be delivered
 *   -DLOSSES=n     segments of now that may be lost
 *   -DFRESH        shown to accept() only if the caller was there after the number was chosen     (P1)
 *   -DGHOST        at rest, whoever is open has its match                                        (P3)
 *
 * Numbers are names: the earlier incarnation has 0 on both sides; A calls as 1; B answers as 1, 2, ... A segment tells
 * both names as its sender knows them. A move is one d_step, so that depth counts moves.
 */
#ifndef HELD
#define HELD 0
#endif
#ifndef LOSSES
#define LOSSES 0
#endif

#define SLOTS 8
#define NOBODY 15

#define SYN    0
#define SYNACK 1
#define ACK    2
#define RST    3

#define CLOSED  0
#define WAITING 1
#define OPEN    2

typedef Segment { bit up; bit toB; unsigned kind : 2; unsigned x : 4; unsigned y : 4 };
Segment net[SLOTS];

unsigned a : 2;  unsigned ax : 4 = NOBODY;  unsigned ay : 4 = NOBODY;
unsigned b : 2;  unsigned bx : 4 = NOBODY;  unsigned by : 4 = NOBODY;
unsigned held : 3 = HELD;
unsigned losses : 3 = LOSSES;
unsigned chosen : 4;
bit called, fresh;
unsigned sk : 2;  unsigned sx : 4;  unsigned sy : 4;
byte i;  /* scratch, 0 between moves: breadth first knows no hidden variables */

#define EMPTY (!net[0].up && !net[1].up && !net[2].up && !net[3].up && !net[4].up && !net[5].up && !net[6].up && !net[7].up)
#define AGREE (a == OPEN && b == OPEN && ax == bx && ay == by)

inline send(to, k, x_, y_) {
    i = 0;
    do
    :: i < SLOTS && net[i].up -> i++
    :: else -> break
    od;
    assert(i < SLOTS);
    net[i].up = 1; net[i].toB = to; net[i].kind = k; net[i].x = x_; net[i].y = y_
}

inline tidy() {
#ifdef GHOST
    assert(!(EMPTY && a != WAITING && b != WAITING && (a == OPEN || b == OPEN) && !AGREE));
#endif
    i = 0; sk = 0; sx = 0; sy = 0
}

inline shown() {
    b = OPEN;
#ifdef FRESH
    assert(fresh);
#endif
    skip
}

inline forgetB() { b = CLOSED; bx = NOBODY; by = NOBODY; fresh = 0 }

inline atB(k, x_, y_) {
    if
    :: k == SYN && b == CLOSED ->
        chosen++; bx = x_; by = chosen; fresh = (a != CLOSED && ax == x_);
#ifdef TWO_WAY
        shown();
#else
        b = WAITING;
#endif
        send(0, SYNACK, bx, by)
#ifdef TWO_WAY
    :: k == SYN && b != CLOSED && x_ == bx -> send(0, SYNACK, bx, by)
#else
    :: k == SYN && b == WAITING && x_ == bx -> send(0, ACK, bx, by)
    :: k == SYN && b == OPEN && x_ == bx -> send(0, ACK, bx, by)
#endif
    :: k == SYN && b != CLOSED && x_ != bx -> send(0, ACK, bx, by)
    :: k == ACK && b == CLOSED -> send(0, RST, NOBODY, y_)
    :: k == ACK && b != CLOSED && x_ != bx -> send(0, ACK, bx, by)
#ifdef UNCHECKED
    :: k == ACK && b == WAITING && x_ == bx -> shown()
#else
    :: k == ACK && b == WAITING && x_ == bx && y_ == by -> shown()
    :: k == ACK && b == WAITING && x_ == bx && y_ != by -> send(0, RST, NOBODY, y_)
#endif
    :: k == RST && b != CLOSED && x_ == bx -> forgetB()
    :: else
    fi
}

inline atA(k, x_, y_) {
    if
    :: k == SYNACK && a == WAITING && x_ == ax ->
        a = OPEN; ay = y_;
#ifndef TWO_WAY
        send(1, ACK, ax, ay)
#else
        skip
#endif
    :: k == SYNACK && a == WAITING && x_ != ax -> send(1, RST, x_, NOBODY)
    :: k == SYNACK && a == CLOSED -> send(1, RST, x_, NOBODY)
    :: k == SYNACK && a == OPEN -> send(1, ACK, ax, ay)
    :: k == ACK && a == WAITING && x_ != ax -> send(1, RST, x_, NOBODY)
    :: k == ACK && a == CLOSED -> send(1, RST, x_, NOBODY)
    :: k == ACK && a == OPEN && y_ != ay -> send(1, ACK, ax, ay)
    :: k == RST && a == OPEN && y_ == ay -> a = CLOSED; ax = NOBODY; ay = NOBODY
    :: else
    fi
}

#define DELIVER(n) \
    :: d_step { net[n].up -> \
        sk = net[n].kind; sx = net[n].x; sy = net[n].y; \
        net[n].up = 0; net[n].kind = 0; net[n].x = 0; net[n].y = 0; \
        if :: net[n].toB -> net[n].toB = 0; atB(sk, sx, sy) :: else -> atA(sk, sx, sy) fi; \
        tidy(); printf("move\n") }

#define LOSE(n) \
    :: d_step { net[n].up && losses > 0 -> \
        losses--; net[n].up = 0; net[n].toB = 0; net[n].kind = 0; net[n].x = 0; net[n].y = 0; \
        tidy(); printf("move\n") }

active proctype network() {
end:
    do
    :: d_step { !called -> called = 1; a = WAITING; ax = 1;
        if :: b == WAITING && bx == 1 -> fresh = 1 :: else fi;
        send(1, SYN, 1, NOBODY); tidy(); printf("move\n") }
    :: d_step { held > 0 -> held--; atB(SYN, 0, NOBODY); tidy(); printf("move\n") }
#ifndef TWO_WAY
    :: d_step { held > 0 -> held--; atB(ACK, 0, 0); tidy(); printf("move\n") }
#endif
    :: d_step { held > 0 -> held--; atA(SYNACK, 0, 0); tidy(); printf("move\n") }
    DELIVER(0) DELIVER(1) DELIVER(2) DELIVER(3) DELIVER(4) DELIVER(5) DELIVER(6) DELIVER(7)
    LOSE(0) LOSE(1) LOSE(2) LOSE(3) LOSE(4) LOSE(5) LOSE(6) LOSE(7)
    :: d_step { EMPTY && a == WAITING -> send(1, SYN, ax, NOBODY); tidy(); printf("move\n") }
#ifndef TWO_WAY
    :: d_step { EMPTY && b == WAITING -> send(0, SYNACK, bx, by); tidy(); printf("move\n") }
#endif
    od
}
