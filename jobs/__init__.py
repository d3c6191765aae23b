"""The work done for a client: quotes, projects, jobs and their SLA times. The room is laid out, nothing lives here yet."""
