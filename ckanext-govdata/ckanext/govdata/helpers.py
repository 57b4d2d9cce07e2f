"""Template helpers of the portal; every public function here is one, as ``h.<name>``."""
