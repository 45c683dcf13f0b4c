"""The parts that support tools use: the client, the command line, the import of existing tickets."""
