-- Sends one request body after another, so that every connection works on other devices and tokens.
-- The argument after "--" is a file with one JSON body a line. There is deliberately no response():
-- wrk would then copy each answer into Lua, and the load generator would become the bottleneck.

local requests, sent = {}, 0

function init(args)
    wrk.method = "POST"
    wrk.headers["Accept"] = "application/json, text/javascript, */*, q=0.01"
    wrk.headers["Content-Type"] = "application/json; charset=utf-8"
    for body in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format(nil, nil, nil, body)
    end
end

function request()
    sent = sent % #requests + 1
    return requests[sent]
end

-- One line that a program can read; times in microseconds.
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'summary {"requests": %d, "bytes": %d, "duration": %d, "p50": %d, "p99": %d, '
            .. '"errors": {"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}}\n',
        summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect, errors.read, errors.write, errors.status, errors.timeout
    ))
end
