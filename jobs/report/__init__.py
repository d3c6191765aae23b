"""The Job Queries report: what was done for clients, by month within SLA and late (J26, J27, S8)."""
