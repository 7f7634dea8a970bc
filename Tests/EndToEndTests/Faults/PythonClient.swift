/// A client of Python's own `ssl`, `http.client` and `json`, with what they do unless told otherwise.
enum PythonClient {
    /// What `python3 -c` runs: one request, whose body comes from standard input.
    ///
    /// It prints the status, the answer's fields and the class and message of what was raised, and never tries again.
    static let script = """
        import argparse, http.client, json, socket, ssl, sys

        def ask(options, body):
            context = ssl.create_default_context(cafile=options.authority)
            context.minimum_version = context.maximum_version = ssl.TLSVersion[options.version]
            if options.identity:
                context.load_cert_chain(options.identity)
            plain = socket.create_connection(("127.0.0.1", options.port), options.timeout, (options.source, 0))
            with context.wrap_socket(plain, server_hostname="localhost") as stream:
                stream.sendall(
                    b"POST /SoftToken/Provisioning.asmx/Process HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n"
                    b"Content-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
                )
                response = http.client.HTTPResponse(stream, method="POST")
                response.begin()
                print(response.status, response.reason)
                print(response.headers, end="")
                content = response.read()
            answer = json.loads(content)["d"]
            print(answer["serial_number"], answer["error"])
            for token in answer["tokens"]:
                print(token["token"], token["license"], token["error"])
            print(answer)

        parser = argparse.ArgumentParser()
        parser.add_argument("--port", type=int)
        parser.add_argument("--source")
        parser.add_argument("--version")
        parser.add_argument("--authority")
        parser.add_argument("--timeout", type=float)
        parser.add_argument("--identity")
        try:
            ask(parser.parse_args(), sys.stdin.buffer.read())
        except Exception as error:
            print(f"{type(error).__name__}: {error}")
        """
}
