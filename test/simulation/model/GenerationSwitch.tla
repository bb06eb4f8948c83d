--------------------------- MODULE GenerationSwitch ---------------------------
(* How a rebuild makes a new generation of a read model active while projectors write. Streams are independent of each other, *)
(* so there is one, with one row in each generation. A row is its version. docs/simulation.md tells what is simplified.       *)
EXTENDS Naturals, Sequences, TLC
CONSTANTS
  Functions,    \* instances of the projector: each has a cache, and runs one invocation at a time
  Last,         \* the last version that is appended
  CacheAge,     \* how long a list of generations is used
  Limit,        \* the time limit of an invocation, with the request that is under way when it is killed
  Change,       \* how long after its time stamp the phase "following" may be written
  Settle,       \* rows are compared later than this after the time stamp
  Conditional,  \* who writes a row only if it is as it was loaded: projector, comparer; only over an older one: builder
  CatchesUp,    \* TRUE: comparing catches up a row that is behind
  LeadsOthers,  \* TRUE: a projector brings all generations at least to the version that it met in the one before
  ReadsToEnd    \* TRUE: a projector that misses versions reads the log to its end. FALSE: to the version that it needs
VARIABLES
  log,     \* the version of the stream
  row,     \* the version of the row in each generation
  done,    \* the highest version whose delivery has ended well
  phase,   \* of the rebuild
  since,   \* age of the time stamp of "following"
  cache,   \* for each function: a list of generations, and its age
  inv,     \* for each function: its invocation
  built,   \* a folded row on its way to the new generation
  caught,  \* a row that comparing catches up
  torn     \* the highest version that a killed invocation wrote into the old generation alone
vars == <<log, row, done, phase, since, cache, inv, built, caught, torn>>
rebuild == <<phase, since, built, caught>>
None == Last + 1
Max(a, b) == IF a > b THEN a ELSE b
Idle == [todo |-> <<>>, wrote |-> FALSE, version |-> 0, reach |-> 0, seen |-> None, target |-> 0, age |-> 0]
TooOld == [list |-> <<>>, age |-> 0]
Written == CASE phase \in {"folding", "folded", "stamped"} -> <<"old">>
             [] phase \in {"following", "compared"}        -> <<"old", "new">>
             [] phase = "switched"                         -> <<"new", "old">>
CanWrite(who, generation, seen) == row[generation] = seen \/ who \notin Conditional
Symmetry == Permutations(Functions)
Init == /\ log = 0 /\ row = [old |-> 0, new |-> 0] /\ done = 0 /\ torn = 0
        /\ phase = "folding" /\ since = 0 /\ built = None /\ caught = Idle
        /\ cache = [f \in Functions |-> [list |-> Written, age |-> 0]] /\ inv = [f \in Functions |-> Idle]

Grow == log < Last /\ log' = log + 1 /\ UNCHANGED <<row, done, cache, inv, torn, rebuild>>
(* A version is delivered: in any order, late, and any number of times. The list is the cached one, or is read now. *)
Start(f) ==
  /\ inv[f] = Idle
  /\ \E version \in 1..log, known \in {[list |-> Written, age |-> 0]} \cup ({cache[f]} \ {TooOld}) :
       /\ known.list = Written => known.age = 0  \* An older copy of the same list allows less.
       /\ cache' = [cache EXCEPT ![f] = known]
       /\ inv' = [inv EXCEPT ![f] = [Idle EXCEPT !.todo = known.list, !.version = version, !.reach = version]]
  /\ UNCHANGED <<log, row, done, torn, rebuild>>

(* After a generation: what has ended well, and what is left of the invocation. *)
Ended(i) == IF Len(i.todo) = 1 THEN Max(done, i.version) ELSE done
Going(i, met, wrote) == IF Len(i.todo) = 1 THEN Idle ELSE
  [i EXCEPT !.todo = Tail(@), !.wrote = @ \/ wrote, !.seen = None, !.target = 0,
            !.reach = IF LeadsOthers THEN Max(@, met) ELSE @]

(* The row is loaded. The next version is folded from the record; if others are missing, they are read from the log. *)
Load(f) == LET i == inv[f] seen == row[Head(i.todo)] isNext == seen + 1 = i.reach /\ i.reach = i.version IN
  /\ i.todo # <<>> /\ i.seen = None
  /\ IF seen >= i.reach THEN inv' = [inv EXCEPT ![f] = Going(i, seen, FALSE)] /\ done' = Ended(i)
     ELSE done' = done /\ inv' =
            [inv EXCEPT ![f].seen = seen, ![f].target = IF isNext \/ ~ReadsToEnd THEN i.reach ELSE log]
  /\ UNCHANGED <<log, row, cache, torn, rebuild>>

Save(f) == LET i == inv[f] g == Head(i.todo) IN
  /\ i.seen # None
  /\ IF CanWrite("projector", g, i.seen)
     THEN row' = [row EXCEPT ![g] = i.target] /\ done' = Ended(i) /\ inv' = [inv EXCEPT ![f] = Going(i, i.target, TRUE)]
     ELSE inv' = [inv EXCEPT ![f].seen = None, ![f].target = 0] /\ UNCHANGED <<row, done>>
  /\ UNCHANGED <<log, cache, torn, rebuild>>

Kill(f) == /\ inv[f] # Idle /\ inv' = [inv EXCEPT ![f] = Idle]
           /\ torn' = IF inv[f].wrote /\ inv[f].reach > row.new THEN Max(torn, inv[f].reach) ELSE torn
           /\ UNCHANGED <<log, row, done, cache, rebuild>>

(* Time has an effect from the time stamp on, until rows are compared. At other times nothing grows too old, which allows more. *)
Older(age) == IF since = Settle THEN 0 ELSE age + 1
Tick == /\ phase \in {"stamped", "following"} /\ since <= Settle /\ since' = since + 1
        /\ \A f \in Functions : inv[f] = Idle \/ inv[f].age < Limit  \* Otherwise it is killed first.
        /\ inv' = [f \in Functions |-> IF inv[f] = Idle THEN Idle ELSE [inv[f] EXCEPT !.age = Older(@)]]
        /\ cache' = [f \in Functions |-> IF cache[f] = TooOld \/ cache[f].age = CacheAge THEN TooOld
                                         ELSE [cache[f] EXCEPT !.age = Older(@)]]
        /\ UNCHANGED <<log, row, done, phase, built, caught, torn>>

(* A killed builder is repeated, so its last write may come at any later time. *)
FoldRead == phase \in {"folding", "folded"} /\ built = None /\ built' = log
            /\ UNCHANGED <<log, row, done, phase, since, cache, inv, caught, torn>>
FoldWrite == /\ built # None /\ built' = None /\ phase' = IF phase = "folding" THEN "folded" ELSE phase
             /\ row' = [row EXCEPT !.new = IF "builder" \in Conditional THEN Max(@, built) ELSE built]
             /\ UNCHANGED <<log, done, since, cache, inv, caught, torn>>
Enter(next) == phase' = next /\ UNCHANGED <<log, row, done, since, cache, inv, built, caught, torn>>
Stamp == phase = "folded" /\ Enter("stamped")
Follow == phase = "stamped" /\ since <= Change /\ Enter("following")
CompareRead == phase = "following" /\ since > Settle /\ caught = Idle
  /\ IF row.new >= row.old \/ ~CatchesUp THEN Enter("compared")
     ELSE caught' = [Idle EXCEPT !.seen = row.new, !.target = log]
          /\ UNCHANGED <<log, row, done, phase, since, cache, inv, built, torn>>
CompareWrite == /\ caught # Idle /\ caught' = Idle
                /\ IF CanWrite("comparer", "new", caught.seen) THEN row' = [row EXCEPT !.new = caught.target] /\ phase' = "compared"
                   ELSE UNCHANGED <<row, phase>>
                /\ UNCHANGED <<log, done, since, cache, inv, built, torn>>
Switch == phase = "compared" /\ Enter("switched")

Next == \/ Grow \/ Tick \/ FoldRead \/ FoldWrite \/ Stamp \/ Follow \/ CompareRead \/ CompareWrite \/ Switch
        \/ \E f \in Functions : Start(f) \/ Load(f) \/ Save(f) \/ Kill(f)
Spec == Init /\ [][Next]_vars

(* Who reads has cached the name of the active generation, so both are read after the switch. *)
Readable == IF phase = "switched" THEN {"old", "new"} ELSE {"old"}
(* A projector has written the old generation and not yet the new one, or was killed there: its delivery comes again. *)
Owed == torn >= row.old \/ \E f \in Functions : inv[f].wrote /\ inv[f].reach >= row.old

NothingLost == \A g \in Readable : row[g] >= done /\ row[g] <= log  \* With done = log, the row is the version of the log.
NotBackAtSwitch == phase = "compared" => row.new >= row.old \/ Owed
NotBackForCachedReaders == phase = "switched" => row.new >= row.old \/ Owed
NeverBackAtSwitch == phase = "compared" => row.new >= row.old  \* Not true, because of what is owed.
RowsGrow == [][\A g \in {"old", "new"} : row'[g] >= row[g]]_vars
NeverEnds == ~(phase = "switched" /\ done = Last)  \* Not true: it shows that the model gets to its end.
===============================================================================
