package link

// dictionary holds what scenarios often say, the most frequent last. It is a part of
// version 1 of the format, and must never change.
const dictionary = `expect invariant members add-learner promote remove reconfigure disk lose-sync fail-sync unreadable snapshot flip log wipe mend full
bridge ring flap link latency normal duplicate reorder bandwidth drop pareto exponential clock jump rate +200ppm offset drift
lease grant revoke keep-alive timetolive watch --rev= --limit= compact --prefix --from-key --consistency=s serializable
txn --compare 'value("counter") = "5"' --then 'put counter 6' --else 'get counter' create("first") = "0" mod( version(
lock election bank register mixed keys requests ttl 10s pause resume kill transfer timeout settle
# The leader is cut off from the other members, and the majority elects another leader. Two clients with the same key: nobody knows whether it happened.
castaway 1
members 5
seed 7
rules paper
rules etcd
timing election 150ms..300ms heartbeat 50ms
network latency 1ms..5ms
disk write 10us..50us sync 500us..2ms
client A B C cas-counter counter increments 20 think 20ms..80ms timeout 500ms
client you manual
at 1s cut S1 S2 | S3 S4 S5
at 1.5s client B@S1 put color blue
at 2s client C@leader get counter
at 2.5s heal
at 3s cut leader
at 3.5s crash leader
at 4s crash S2
at 4.5s restart
run 3s
members 3
seed 1
run 8s
expect verdict violation
expect value counter
expect leader any
expect increments counter
expect verdict linearizable
`
