"""The client portal: who may come in, what a contact may see, and the pages a contact person sees."""
