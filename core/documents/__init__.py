"""Documents of record (文书): one base template, rendered by the worker, frozen by digest."""
