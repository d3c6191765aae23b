"""The wizard: guided creation of a client (S1 to S20). A draft keeps the answers; steps ask them; Finish makes the client at once."""
