"""Mail that comes in, by whatever way: read, threaded and stored before it is accepted."""
