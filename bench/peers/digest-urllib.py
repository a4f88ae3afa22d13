# Sends requests through urllib's HTTPDigestAuthHandler, as its documentation shows it, and prints how each ended.
# Arguments: the URL below which it asks, user name, password, how many calls, "at once" or "in turn", how many before them.
import json
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

url, username, password, calls, order, before = sys.argv[1:]
passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
passwords.add_password(None, url, username, password)
opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))


def get(path):
    try:
        with opener.open(f"{url}{path}", timeout=30) as response:
            response.read()
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for call in range(int(before)):
    get(f"before-{call}")
with ThreadPoolExecutor(int(calls) if order == "at once" else 1) as pool:
    print(json.dumps(list(pool.map(get, range(int(calls))))))
